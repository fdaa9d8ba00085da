package import BlueGreen
package import NIOCore
import NIOPosix
import Orchestration

/// Probes over a fresh TCP connection each, all on one event loop.
///
/// The check's timeout is one deadline over connecting, sending and the head of the answer. So a
/// server that sends a byte now and then costs no more than a silent one. The body is not read.
package struct NetworkProbe: HealthProbe {
    private let loop: any EventLoop

    /// - Parameter group: only one of its loops is used.
    package init(group: any EventLoopGroup = NIOSingletons.posixEventLoopGroup) {
        loop = group.next()
    }

    package func probe(_ check: HealthCheck, at address: String) async -> ProbeResult {
        do {
            return await answer(to: try Conversation(for: check, at: address), check.timeout)
        } catch {
            return .failed(.other(error.reason))
        }
    }

    private func answer(to conversation: Conversation, _ timeout: Duration) async -> ProbeResult {
        let answer = loop.makePromise(of: ProbeResult.self)
        return await withTaskCancellationHandler {
            open(conversation, timeout: timeout, answer: answer)
            do {
                return try await answer.futureResult.get()
            } catch {
                return .failed(ProbeFailure(error, port: conversation.port, timeout: timeout))
            }
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    /// The first of the head, the deadline, a cancelled task and an error completes the answer and
    /// closes the channel. There is no other way out, so that no channel can be forgotten.
    private func open(
        _ conversation: Conversation, timeout: Duration, answer: EventLoopPromise<ProbeResult>
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
            .connect(to: conversation.target)
            .whenFailure { answer.fail($0) }
    }
}
