package import BlueGreen
package import NIOCore
import NIOPosix
import Orchestration

/// Probes over a fresh TCP connection each, all on one event loop.
///
/// The check's timeout is one deadline over connecting, sending and the head of the answer, so
/// that a server that sends a byte now and then costs no more than one that is silent. The body
/// is not read.
package struct NetworkProbe: HealthProbe {
    private let loop: any EventLoop

    /// - Parameter group: only one of its loops is used.
    package init(group: any EventLoopGroup = NIOSingletons.posixEventLoopGroup) {
        loop = group.next()
    }

    package func probe(_ check: HealthCheck, at address: String) async -> ProbeResult {
        switch check.method {
        case .http, .tcp:
            await connect(check, address: address)
        case .command, .docker:
            .failed(.other("only the container engine can make this check"))
        }
    }

    private func connect(_ check: HealthCheck, address: String) async -> ProbeResult {
        guard let port = check.port else { return .failed(.other("the check names no port")) }
        let target: SocketAddress
        do {
            target = try SocketAddress(ipAddress: address, port: port)
        } catch {
            return .failed(.other("\(address) is not an IP address"))
        }
        let conversation: Conversation
        switch Conversation.make(for: check.method, with: target) {
        case .success(let made): conversation = made
        case .failure(let refusal): return .failed(.other(refusal.reason))
        }
        let answer = loop.makePromise(of: ProbeResult.self)
        return await withTaskCancellationHandler {
            open(conversation, to: target, timeout: check.timeout, answer: answer)
            do {
                return try await answer.futureResult.get()
            } catch {
                return .failed(ProbeFailure(error, timeout: check.timeout))
            }
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    /// Whatever completes the answer first (the head, the deadline, a cancelled task, an error)
    /// also closes the channel: it is the only way out, so that no channel can be forgotten.
    private func open(
        _ conversation: Conversation, to target: SocketAddress, timeout: Duration,
        answer: EventLoopPromise<ProbeResult>
    ) {
        let limit = TimeAmount(timeout)
        let deadline = loop.scheduleTask(in: limit) {
            answer.succeed(.failed(.timedOut(timeout)))
        }
        answer.futureResult.whenComplete { _ in deadline.cancel() }
        ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelInitializer { channel in
                answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
                return channel.eventLoop.makeCompletedFuture {
                    try conversation.install(in: channel, answer: answer)
                }
            }
            .connect(to: target)
            .whenFailure { answer.fail($0) }
    }
}
