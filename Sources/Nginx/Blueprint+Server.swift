import BlueGreen

/// `server.conf`: for each request, who has traffic.
extension Blueprint {
    /// Nothing in here may stand only once in a server block: two apps may share one.
    var serverFile: String {
        let top = heading("For a server block: include \(folder)/server.conf;")
        let parts = choice + [accessLog(at: .server)]
        let body = parts.joined()
        return top + "\n"
            + (body.isEmpty ? "# In reload mode there is nothing to say at this level.\n" : body)
    }

    private var choice: [String] {
        switch mode {
        case .reload: specialParts
        case .live where live.colour == nil:
            // Nothing is tested while nobody has traffic, which the first switch changes by a
            // reload that no request can notice.
            services.map { "set $\(names.variable(of: $0.name)) \(names.placeholder);\n" }
                + [maintenanceOfNobody]
        case .live:
            [colourTest] + specialParts
                + services.map {
                    "set $\(names.variable(of: $0.name)) \(names.liveGroup($0.name));\n"
                }
        }
    }

    private var colourTest: String {
        """
        set $\(names.colour) blue;
        if (-f \(folder)/live/green) {
            set $\(names.colour) green;
        }

        """
    }

    /// Something that the link may ask for beside a colour.
    struct StateTest: Hashable, Sendable {
        /// The name of its marker in the state's folder.
        let marker: String
        /// The same as a part of a variable's name.
        let word: String
        /// Directives for where the marker is there.
        let lines: [String]
    }

    /// In this order: each sees what those before it have set.
    var stateTests: [StateTest] {
        steps.map(divisionTest) + (isObserved ? [watchTest] : [])
            + (mode == .live ? [maintenanceTest] : [])
    }

    /// One test of nginx's cannot stand within another. So a path that is empty at rest takes the
    /// place of the second, since to look for a file without a name costs next to nothing.
    private var specialParts: [String] {
        let tests = stateTests.map { (test: $0, place: names.place(of: $0.word)) }
        if tests.isEmpty { return [] }
        let places = tests.map(\.place) + (isObserved ? [slotPlace] : [])
        let special =
            places.map { "set $\($0) \"\";\n" } + [
                "if (-f \(folder)/live/\(LinkState.specialMarker)) {\n"
            ] + tests.map { "    set $\($0.place) \(folder)/live/\($0.test.marker);\n" } + ["}\n"]
        let bodies = tests.map { test, place in
            "if (-f $\(place)) {\n"
                + "    set $\(names.state) \"$\(names.state) \(test.marker)\";\n"
                + test.lines.map { "    \($0)\n" }.joined() + "}\n"
        }
        return special + bodies + (isObserved ? [slotTest] : [])
    }
}
