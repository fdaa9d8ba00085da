import BlueGreen

extension AppConfiguration {
    /// Compares the services that hooks name with those of the release.
    ///
    /// - Throws: `CommandsError.hookServices` for those that have no container in a colour before
    ///   and after the switch.
    func checkHooks(against plan: [PlannedService]) throws(CommandsError) {
        let problems = HookPoint.allCases.flatMap { point in
            deployment.hooks[point].enumerated().compactMap { index, hook in
                problem(of: hook, "hooks.\(point.rawValue)[\(index)].in", plan)
            }
        }
        if !problems.isEmpty { throw .hookServices(problems) }
    }

    private func problem(
        of hook: Hook, _ path: String, _ plan: [PlannedService]
    ) -> String? {
        guard case .service(let name) = hook.place else { return nil }
        let usable = plan.filter { $0.role == .exposed || $0.role == .internal }.map(\.name)
        let subject = "teal.yml: \(path): the service \"\(name)\""
        switch plan.first(where: { $0.name == name })?.role {
        case .exposed, .internal: return nil
        case .shared:
            return "\(subject) is shared and has no container of the release; "
                + "name one of \(usable.joined(separator: ", "))."
        case .singleton:
            return "\(subject) is a singleton and does not run before the switch; "
                + "name one of \(usable.joined(separator: ", "))."
        case nil:
            return "\(subject) is not in the compose file"
                + (usable.nearest(to: name).map { ", did you mean \"\($0)\"?" }
                    ?? "; it has \(usable.joined(separator: ", ")).")
        }
    }
}
