import FoundationEssentials

/// A user's word to a registry. No text made of it has the secret.
package struct RegistryCredentials: Hashable, Sendable {
    package enum Secret: Hashable, Sendable {
        case password(user: String, String)
        /// Gets tokens of the registry's own making.
        case identityToken(String)
        /// Is sent to the registry as it is.
        case registryToken(String)
    }

    /// As the user's Docker configuration names the registry: a host, or an address of it.
    let server: String
    private let secret: Secret

    package init(server: String, _ secret: Secret) {
        self.server = server
        self.secret = secret
    }

    /// The field `X-Registry-Auth` of a request to the engine.
    package var header: String { Self.encoded(json) }

    /// The field where there are none: a push without it is refused by older engines.
    package static let noHeader = encoded([:])

    /// The body of a request to try them; nil where there is nothing to try.
    var login: JSONValue? {
        switch secret {
        case .password, .identityToken: json
        case .registryToken: nil
        }
    }

    private var json: JSONValue {
        switch secret {
        case .password(let user, let password):
            [
                "username": .string(user), "password": .string(password),
                "serveraddress": .string(server),
            ]
        case .identityToken(let token):
            ["identitytoken": .string(token), "serveraddress": .string(server)]
        case .registryToken(let token):
            ["registrytoken": .string(token), "serveraddress": .string(server)]
        }
    }

    /// The alphabet of RFC 4648, section 5, with its padding: the engine reads no other.
    private static func encoded(_ json: JSONValue) -> String {
        Data(json.compact.utf8).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_")
    }
}

extension RegistryCredentials: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String { "credentials for \(server)" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["server": server]) }
}
