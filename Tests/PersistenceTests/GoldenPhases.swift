import BlueGreen
import TestSupport

/// A phase in which a run can die is what recovery reads.
enum GoldenPhases {
    static let formatOne: [(text: String, phase: Phase)] = [
        (#"{"preparing":{}}"#, .preparing),
        (#"{"starting":{"_0":1}}"#, .starting(1)),
        (#"{"probing":{"_0":1}}"#, .probing(1)),
        (
            #"{"pausing":{"_0":1,"until":1795210445000}}"#, .pausing(1, until: Sample.moment)
        ),
        (#"{"verifying":{}}"#, .verifying),
        (#"{"arming":{}}"#, .arming),
        (#"{"switching":{}}"#, .switching),
        (#"{"confirming":{}}"#, .confirming),
        (#"{"draining":{"until":1795210445000}}"#, .draining(until: Sample.moment)),
        (#"{"retiring":{}}"#, .retiring),
        (#"{"cleaningUp":{}}"#, .cleaningUp),
        (#"{"switchingBack":{}}"#, .switchingBack),
        (#"{"confirmingBack":{}}"#, .confirmingBack),
        (#"{"cleaningUpBehind":{}}"#, .cleaningUpBehind),
        (#"{"finished":{"_0":"promoted"}}"#, .finished(.promoted)),
        (#"{"finished":{"_0":"aborted"}}"#, .finished(.aborted)),
        (#"{"finished":{"_0":"unknown"}}"#, .finished(.unknown)),
    ]

    static let formatTwo: [(text: String, phase: Phase)] = [
        (#"{"checkingRoom":{}}"#, .checkingRoom),
        (#"{"takingDown":{}}"#, .takingDown),
        (#"{"confirmingDown":{}}"#, .confirmingDown),
        (
            #"{"drainingDown":{"until":1795210445000}}"#, .drainingDown(until: Sample.moment)
        ),
        (#"{"stoppingPrevious":{}}"#, .stoppingPrevious),
        (#"{"stoppingSingletons":{}}"#, .stoppingSingletons),
        (#"{"handingOver":{"_0":{"starting":{"_0":1}}}}"#, .handingOver(.starting(1))),
        (#"{"handingOver":{"_0":{"probing":{"_0":1}}}}"#, .handingOver(.probing(1))),
        (
            #"{"handingOver":{"_0":{"pausing":{"_0":1,"until":1795210445000}}}}"#,
            .handingOver(.pausing(1, until: Sample.moment))
        ),
        (#"{"withdrawing":{}}"#, .withdrawing),
        (#"{"confirmingWithdrawal":{}}"#, .confirmingWithdrawal),
        (#"{"restoring":{"_0":{"starting":{"_0":1}}}}"#, .restoring(.starting(1))),
        (#"{"stoppingSingletonsBack":{}}"#, .stoppingSingletonsBack),
        (#"{"watchingBefore":{}}"#, .watchingBefore),
        (#"{"measuringBefore":{}}"#, .measuringBefore),
        (#"{"waiting":{"until":1795210445000}}"#, .waiting(until: Sample.moment)),
        (#"{"diverting":{"_0":1}}"#, .diverting(1)),
        (#"{"confirmingDiversion":{"_0":1}}"#, .confirmingDiversion(1)),
        (#"{"watchingCanary":{"_0":1}}"#, .watchingCanary(1)),
        (
            #"{"observingCanary":{"_0":1,"until":1795210445000}}"#,
            .observingCanary(1, until: Sample.moment)
        ),
        (#"{"watchingBake":{}}"#, .watchingBake),
        (#"{"baking":{"until":1795210445000}}"#, .baking(until: Sample.moment)),
        (#"{"endingBake":{}}"#, .endingBake),
        (#"{"drainingBack":{"until":1795210445000}}"#, .drainingBack(until: Sample.moment)),
        (#"{"handingBack":{"_0":{"starting":{"_0":1}}}}"#, .handingBack(.starting(1))),
    ]
}
