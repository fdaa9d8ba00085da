import BlueGreen
import FoundationEssentials
package import HostSystem

/// The registries that the user has logged in to: Docker's own configuration, in
/// `DOCKER_CONFIG` or `~/.docker`, with the programs that it names for secrets.
/// https://docs.docker.com/reference/cli/docker/login/#credential-stores
package struct RegistryLogins: Sendable {
    private let file: String
    private let runner: any CommandRunner
    private let kept = KeptLogins()

    /// - Parameter environment: of this process.
    package init(environment: [String: String], runner: any CommandRunner) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let own = environment["DOCKER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let folder = own ?? "\(home ?? ProcessInformation.homeFolder)/.docker"
        file = "\(folder)/config.json"
        self.runner = runner
    }

    /// Each registry is looked up once.
    ///
    /// - Parameter registry: `registry.example:5000`, `docker.io`.
    /// - Returns: nil where the user has not logged in.
    /// - Throws: `DockerError.badLogins` for a file or a program that cannot be used.
    package func credentials(for registry: String) async throws -> RegistryCredentials? {
        if let known = await kept[registry] { return try known.get() }
        do {
            let found = try await find(registry)
            await kept.keep(.success(found), of: registry)
            return found
        } catch let error as DockerError {
            await kept.keep(.failure(error), of: registry)
            throw error
        }
    }

    private func find(_ registry: String) async throws -> RegistryCredentials? {
        guard let configuration = try read() else { return nil }
        let names = Self.names(of: registry)
        let server = names[0]
        let helpers = configuration["credHelpers"]
        if let own = names.lazy.compactMap({ helpers?[$0]?.string }).first {
            return try await ask(own, for: server)
        }
        if let store = configuration["credsStore"]?.string, !store.isEmpty {
            return try await ask(store, for: server)
        }
        let entries = configuration["auths"]?.object ?? [:]
        let key =
            names.first { entries[$0] != nil }
            ?? entries.keys.sorted().first { names.contains(Self.host(of: $0)) }
        return try key.flatMap { key in try entries[key].flatMap { try read($0, server) } }
    }

    private func read() throws -> JSONValue? {
        do {
            guard let text = try FileSystem().readTextIfPresent(file) else { return nil }
            return try JSONValue(parsing: Array(text.utf8))
        } catch is DecodingError {
            // Its own words might have a part of the file.
            throw DockerError.badLogins(
                "\(file) is no JSON. Mend it, or remove it and log in again (`docker login`).")
        } catch let error as HostError {
            throw DockerError.badLogins("\(file) cannot be read: \(error)")
        }
    }

    /// An entry of `auths`.
    private func read(_ entry: JSONValue, _ server: String) throws -> RegistryCredentials? {
        func filled(_ key: String) -> String? {
            entry[key]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let token = filled("identitytoken") {
            return RegistryCredentials(server: server, .identityToken(token))
        }
        if let token = filled("registrytoken") {
            return RegistryCredentials(server: server, .registryToken(token))
        }
        if let encoded = filled("auth") {
            let text = Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) }
            guard let text, let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
                throw DockerError.badLogins(
                    "\(file) has an entry for \(server) that cannot be read. Log in again: "
                        + "`docker login \(server)`.")
            }
            // Some versions of Docker have filled it up with zeros.
            let password = text[text.index(after: colon)...].prefix { $0 != "\0" }
            return RegistryCredentials(
                server: server, .password(user: String(text[..<colon]), String(password)))
        }
        guard let user = filled("username"), let password = filled("password") else { return nil }
        return RegistryCredentials(server: server, .password(user: user, password))
    }

    /// https://github.com/docker/docker-credential-helpers#development
    private func ask(_ name: String, for server: String) async throws -> RegistryCredentials? {
        let program = "docker-credential-\(name)"
        guard name.utf8.allSatisfy(Self.isPlain) else {
            throw DockerError.badLogins("\(file) names a credential helper that is no program's.")
        }
        var command = Command(program, ["get"], timeLimit: .seconds(30))
        command.standardInput = server
        let result: CommandResult
        do {
            result = try await runner.run(command)
        } catch let error as HostError {
            throw DockerError.badLogins(
                "\(file) leaves the passwords of registries to \(program): \(error)")
        }
        guard result.succeeded else {
            if result.standardOutput.contains(Self.notFound) { return nil }
            throw DockerError.badLogins(
                "\(program) gave no credentials for \(server): \(result.complaint(lines: 1)) Try "
                    + "it by hand: `echo \(server) | \(program) get`.")
        }
        guard let answer = try? JSONValue(parsing: Array(result.standardOutput.utf8)),
            let user = answer["Username"]?.string, let secret = answer["Secret"]?.string
        else {
            // The answer itself may be the secret.
            throw DockerError.badLogins("\(program) gave an answer that cannot be read.")
        }
        return RegistryCredentials(
            server: server,
            user == Self.tokenUser ? .identityToken(secret) : .password(user: user, secret))
    }

    /// The protocol's own words for a registry that the program does not know.
    private static let notFound = "credentials not found"
    private static let tokenUser = "<token>"

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
            || (0x61...0x7a).contains(byte) || [0x2d, 0x2e, 0x5f].contains(byte)
    }

    /// The names by which the configuration may have it, the usual one first.
    private static func names(of registry: String) -> [String] {
        ["docker.io", "index.docker.io"].contains(registry)
            ? ["https://index.docker.io/v1/", "docker.io", "index.docker.io"] : [registry]
    }

    /// `registry.example:5000` of `https://registry.example:5000/v1/`.
    private static func host(of address: String) -> String {
        var rest = Substring(address)
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
        }
        return String(rest.prefix { $0 != "/" })
    }
}

/// The answers of a run.
private actor KeptLogins {
    private var known: [String: Result<RegistryCredentials?, DockerError>] = [:]

    subscript(_ registry: String) -> Result<RegistryCredentials?, DockerError>? {
        known[registry]
    }

    func keep(_ found: Result<RegistryCredentials?, DockerError>, of registry: String) {
        known[registry] = found
    }
}
