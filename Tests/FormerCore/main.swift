@testable import BlueGreen
let count = UInt64(CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 10_000)
let first = UInt64(CommandLine.arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? 1)
var (steps, crashes) = (0, 0)
var outcomes: [String: Int] = [:]
for seed in first..<(first + count) {
    var life = Differential(seed: seed)
    if let wrong = life.live() {
        var again = Differential(seed: seed)
        again.isTelling = true
        print("seed \(seed): \(again.live() ?? wrong)")
        break
    }
    steps += life.steps
    crashes += life.crashes
    outcomes.merge(life.outcomes, uniquingKeysWith: +)
}
print("steps \(steps), crashes \(crashes)")
for (name, count) in outcomes.sorted(by: { $0.key < $1.key }) { print(name, count) }
