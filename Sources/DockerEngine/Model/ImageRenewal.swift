package import Orchestration

/// A service's own word on its image: the `pull_policy` of the compose file.
package enum OwnPullPolicy: Hashable, Sendable {
    case build
    case always
    case missing
    case never

    /// A period, as `daily`, is always: nobody then gets an image that is older than he asked for.
    package init?(_ text: String?) {
        switch text {
        case "build": self = .build
        case "always", "daily", "weekly": self = .always
        case "missing", "if_not_present": self = .missing
        case "never": self = .never
        case let text? where text.hasPrefix("every_"): self = .always
        default: return nil
        }
    }
}

/// The way in which a release comes by the image of a service that has a `build:` section.
package enum ImageRenewal: Hashable, Sendable {
    /// The image that is here is the one.
    case none
    case build
    /// As Compose does it: an image that cannot be pulled is built.
    case pullOrBuild

    /// - Parameters:
    ///   - isHere: whether this host has an image of its name.
    ///   - policy: anything but `.never`.
    ///   - isAsked: whether the caller asked for a build, which overrules the service's own word.
    package init(
        isHere: Bool, policy: BuildPolicy, own: OwnPullPolicy?, isAsked: Bool
    ) {
        let own = isAsked ? .build : own
        switch own {
        case .always: self = .pullOrBuild
        case .build: self = .build
        case .missing, .never: self = isHere ? .none : .build
        case nil: self = isHere && policy != .always ? .none : .build
        }
    }
}
