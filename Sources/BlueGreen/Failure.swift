/// Why a deployment could not go forward.
package struct Failure: Hashable, Codable, Sendable {
    /// The kind of a failure; its words are in the message.
    package enum Cause: Hashable, Codable, Sendable {
        /// The step of this phase failed.
        case step(phase: String)
        /// A replica did not become healthy, or stopped being so.
        case unhealthy(Replica)
        /// nginx answers for the service, and does not get to it where Teal does.
        case edge(service: String)
        /// A container ended by itself.
        case exited(Replica, code: Int)
        /// A container, or a process of it, was OOM-killed: over its own limit, or, without one, for
        /// want of the host's memory.
        case outOfMemory(Replica, limit: ByteCount?)
        /// The host had too little memory left to go on with a start.
        case memoryRanOut
        /// The host has no memory for it.
        case noRoom
        /// No node of a cluster has the memory, or whatever else it asks for.
        case noNode
        /// SIGTERM or SIGINT.
        case signal(String)
        /// The process that carried the deployment died before the switch.
        case crash
        /// nginx's figures of the candidate were out of bounds.
        case breach
        /// A person, or a command of theirs, decided against it.
        case declined
        /// Nobody said in time that it should have traffic.
        case unanswered
        /// Traffic was moved by somebody else meanwhile.
        case overtaken
        /// Its progress could not be written down.
        case unrecorded
        /// Too few managers of a cluster agreed for anything to be changed.
        case noMajority
        /// Another run, on whatever host, has changed the cluster's record of traffic first.
        case outrun
    }

    package let cause: Cause
    /// Whole sentences: subject and cause.
    package let message: String
    /// The candidate's last log lines, oldest first; may be empty.
    package let logLines: [String]

    package init(_ cause: Cause, _ message: String, logLines: [String] = []) {
        self.cause = cause
        self.message = message
        self.logLines = logLines
    }
}
