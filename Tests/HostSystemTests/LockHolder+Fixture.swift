import BlueGreen
import Orchestration
import HostSystem

extension LockHolder {
    static let fixture = LockHolder(
        pid: 4711, since: Timestamp(milliseconds: 1_795_210_445_000), verb: "deploy",
        release: "20261120-213405-3f9c")
}
