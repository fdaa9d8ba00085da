import BlueGreen
import HostSystem
import Orchestration
struct HostFigures: HostGauge {
    let clock: any WallClock
    func sample() async throws -> HostSample {
        HostSample(at: clock.now, memoryAvailable: .mebibytes(4096), memoryTotal: .mebibytes(4096))
    }
}
