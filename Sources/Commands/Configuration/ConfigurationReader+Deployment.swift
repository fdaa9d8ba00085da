import BlueGreen

extension ConfigurationReader {
    static let startKeys = Keys(known: ["pause", "at_most", "settle"])
    static let settleKeys = Keys(
        known: [
            "memory_free", "cpu_pressure", "memory_pressure", "steal", "disk_wait", "swap_in",
        ])
    static let keepKeys = Keys(known: ["previous", "releases"], later: ["for"])

    mutating func deployment(_ entries: [String: Field], _ canary: Canary) -> DeploymentSettings {
        let defaults = DeploymentSettings()
        let start = entries["start"].flatMap {
            self.entries(of: $0, Self.startKeys, example: "start: {pause: 3s, at_most: 60s}")
        }
        let keep = entries["keep"].flatMap {
            self.entries(
                of: $0, Self.keepKeys, example: "keep: {previous: running, releases: 5}")
        }
        let pause = duration(start?["pause"], example: "start: {pause: 3s}")
        let atMost = duration(start?["at_most"], example: "start: {at_most: 60s}")
        let settle = start?["settle"].map { settleBounds($0) }
        let room = word(entries["room"], as: RoomPolicy.self, example: "room: refuse")
        let drain = duration(entries["drain"], example: "drain: 30s")
        let previous = word(
            keep?["previous"], as: PreviousColour.self, example: "keep: {previous: running}")
        let releases = integer(
            keep?["releases"], in: 2...1000, "a number", example: "keep: {releases: 5}")
        let hooks = hooks(entries["hooks"])
        let bake = bake(entries["bake"])
        let promotion = promotion(entries)
        return DeploymentSettings(
            startPause: pause ?? defaults.startPause,
            startAtMost: atMost ?? defaults.startAtMost, settle: settle ?? defaults.settle,
            room: room ?? defaults.room, drain: drain ?? defaults.drain,
            previous: previous ?? defaults.previous, releases: releases ?? defaults.releases,
            hooks: hooks, bake: bake, canary: canary, promotion: promotion)
    }

    private mutating func settleBounds(_ field: Field) -> SettleBounds {
        let defaults = SettleBounds()
        let example = "settle: {memory_free: 64M, cpu_pressure: 60%}"
        guard let entries = entries(of: field, Self.settleKeys, example: example) else {
            return defaults
        }
        return SettleBounds(
            memoryFree: size(entries["memory_free"], example: "memory_free: 64M")
                ?? defaults.memoryFree,
            processorPressure: share(entries["cpu_pressure"], example: "cpu_pressure: 60%")
                ?? defaults.processorPressure,
            memoryPressure: share(entries["memory_pressure"], example: "memory_pressure: 10%")
                ?? defaults.memoryPressure,
            steal: share(entries["steal"], example: "steal: 50%") ?? defaults.steal,
            diskWait: share(entries["disk_wait"], example: "disk_wait: 60%")
                ?? defaults.diskWait,
            swapIn: size(entries["swap_in"], example: "swap_in: 4M") ?? defaults.swapIn)
    }
}
