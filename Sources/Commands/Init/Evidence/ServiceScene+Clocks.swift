import Orchestration

/// Whether a service acts by the clock, by more than its name.
extension ServiceScene {
    /// It has no port, and no other service waits for it or asks it.
    var isLonely: Bool {
        service.publishedPorts.isEmpty && service.exposedPorts.isEmpty && dependents.isEmpty
            && !others.contains(where: isAsked)
            && words.allSatisfy { !KnownNames.entranceWords.contains($0) && $0 != "api" }
    }

    /// Words of the programs and files that its command names, and not of options: `app` and `bot` of
    /// `python -m app.bot`. A class of workers of a web server is none of its programs.
    var programWords: [String] {
        command.split { $0.isWhitespace || "\"'".contains($0) }
            .filter { !$0.hasPrefix("-") && !$0.contains("uvicorn") && !$0.contains("gunicorn") }
            .flatMap { Self.words(of: String($0)) }
    }

    /// The last words of what it is made from: its image, or its build's folder, file and target.
    /// A folder that others are built from says nothing of this one.
    var originEnds: [String] {
        guard let build = service.build else {
            return hasStoreImage ? [] : imageWords.last.map { [$0] } ?? []
        }
        let context = Self.value(of: "context", in: build)
        let isCommon = others.contains { other in
            other.build.map { Self.value(of: "context", in: $0) == context } ?? false
        }
        let folder = isCommon ? nil : context?.split(separator: "/").last.map(String.init)
        let places = [
            folder, Self.value(of: "dockerfile", in: build), Self.value(of: "target", in: build),
        ]
        return places.compactMap(\.self).compactMap { place in
            Self.words(of: place).last { $0 != "dockerfile" }
        }
    }

    /// Of a key of a build's text.
    private static func value(of key: String, in build: String) -> String? {
        guard let found = build.firstRange(of: "\"\(key)\"") else { return nil }
        let rest = build[found.upperBound...].drop { $0 == ":" || $0.isWhitespace }
        guard rest.first == "\"" else { return nil }
        return String(rest.dropFirst().prefix { $0 != "\"" }).replacing("\\/", with: "/")
    }

    /// `while true; do send; sleep 3600; done`
    var sleepsForMinutes: Bool {
        let words = command.split { $0.isWhitespace || ";\"'".contains($0) }
        guard words.contains("while") else { return false }
        return words.indices.dropLast().contains { place in
            words[place] == "sleep" && Self.isMinutes(words[place + 1])
        }
    }

    /// After its first steps, in a loop without an end, by a cron table, or asleep.
    var goesOn: Bool {
        let words = command.split { $0.isWhitespace || ";&|\"'".contains($0) }
        let isEndless = zip(words, words.dropFirst()).contains { word, next in
            word == "while" && ["true", ":", "1", "sleep"].contains(next)
                || word == "until" && next == "false"
        }
        let last = command.split { $0 == ";" || $0 == "&" || $0.isNewline }
            .last { $0.contains(where: \.isLetter) }
        let isAsleep = (last ?? "").split { $0.isWhitespace || "\"'".contains($0) }
            .contains { $0 == "sleep" || $0 == "tail" }
        return isEndless || isAsleep
            || words.contains { ["cron", "crond", "supercronic"].contains($0) }
    }

    private static func isMinutes(_ text: Substring) -> Bool {
        if let seconds = Int(text) { return seconds >= 60 }
        return Int(text.dropLast()) != nil && ["m", "h", "d"].contains(text.last)
    }

    /// A variable of this service alone that says when: `0 3 * * *`, `@hourly`.
    var cronVariable: String? {
        service.environment.sorted { $0.key < $1.key }.first { key, value in
            Self.isCronLine(value.lowercased())
                && others.allSatisfy { $0.environment[key] == nil }
        }?.key
    }

    private static func isCronLine(_ value: String) -> Bool {
        let fields = value.split(whereSeparator: \.isWhitespace)
        if let first = fields.first, KnownNames.cronPeriods.contains(String(first)) { return true }
        return (5...6).contains(fields.count) && fields.contains { $0.hasPrefix("*") }
            && fields.allSatisfy { field in field.allSatisfy { $0.isNumber || "*/,-?".contains($0) }
            }
    }
}
