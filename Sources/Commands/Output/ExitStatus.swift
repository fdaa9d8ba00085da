import BlueGreen
import HostSystem
import Orchestration

/// The exit code that a caller gets; the numbers are an interface.
enum ExitStatus: Int32, Hashable, Sendable {
    case done = 0
    case unexpectedError = 1
    /// The colour that had traffic still has it.
    case aborted = 3
    /// Traffic is back on the previous colour.
    case rolledBack = 4
    /// The active colour is unhealthy, or an earlier run has left work undone.
    case unhealthy = 5
    /// State of traffic unknown, or two truths disagree: act now.
    case unknown = 6
    /// As BSD's sysexits.h has it, like the two that follow.
    case usage = 64
    case locked = 75
    case badConfiguration = 78

    init(_ outcome: Outcome) {
        switch outcome {
        case .promoted: self = .done
        case .aborted: self = .aborted
        case .rolledBack: self = .rolledBack
        case .unknown: self = .unknown
        }
    }

    /// nil where the deployment has not ended.
    init?(_ deployment: Deployment) {
        guard let outcome = deployment.outcome else { return nil }
        switch (outcome, deployment.failure?.cause) {
        case (.aborted, .noMajority): self = .unknown
        case (.aborted, .outrun): self = .locked
        case (.promoted, _), (.aborted, _), (.rolledBack, _), (.unknown, _): self.init(outcome)
        }
    }

    /// For an error that ended a verb before there was an outcome.
    init(_ error: any Error) {
        switch error {
        case let error as CommandsError: self = error.status
        case HostError.locked: self = .locked
        // Nothing begins without its record.
        case HostError.noRoom, ReleaseSourceError.noRoomForRecord: self = .aborted
        case let failure as any StoreFailure where failure.lacksRoom: self = .aborted
        case let failure as any ClusterFailure:
            switch failure.meaning {
            case .noMajority: self = .unknown
            case .overtaken, .leased: self = .locked
            case nil: self = .unexpectedError
            }
        case ReleaseSourceError.notShared: self = .usage
        case ReleaseSourceError.unfit, ReleaseSourceError.missingFiles: self = .badConfiguration
        case let error as OrchestrationError: self = error.status
        case let error as any ExitStatusConvertible: self = error.exitStatus
        default: self = .unexpectedError
        }
    }
}

/// An error of an adapter that only the wiring knows.
protocol ExitStatusConvertible: Error {
    var exitStatus: ExitStatus { get }
}

extension CommandsError {
    fileprivate var status: ExitStatus {
        switch self {
        case .configuration, .configurationNotFound, .configurationNotReadable,
            .noComposeFile, .environmentFileNotFound, .environmentFileUnfit, .otherApp,
            .unknownServices, .composeFile, .contentNotFound, .nginxSettings, .storedSettings,
            .moved, .artifact, .composeFileToReadNotFound, .noComposeFileToRead:
            .badConfiguration
        case .unknownApp, .notConfirmed, .fileExists, .filesDiffer, .folderInTheWay,
            .noAppForCaller, .noFolder, .notProposed, .nothingWaits,
            .notRestarted, .notWithSwarm, .notSwarm, .noEdgeTask:
            .usage
        case .stateDirectory, .stateReadOnly, .stateNotReadable, .programNotReplaced:
            .unexpectedError
        }
    }
}

extension OrchestrationError {
    fileprivate var status: ExitStatus {
        switch self {
        case .lostLink, .untoldLink, .linkNotPutBack, .moveNotPutBack, .folderLost, .notFollowed,
            .disagreeing,
            .noHistory:
            .unknown
        case .nothingDeployed, .noPrevious, .unknownRelease, .alreadyActive: .usage
        case .obstacles: .aborted
        case .hasTraffic, .singletonElsewhere, .nothingToGoBackTo, .activeUnknown,
            .servicesUnknown:
            .unexpectedError
        }
    }
}
