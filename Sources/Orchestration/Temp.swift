import BlueGreen
extension ContainerEngine { func restart(_ container: Container) async throws {} }
extension PlannedService { var dependencies: [String] { [] } }
