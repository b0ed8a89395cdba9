public import Kernel
public import Store

extension PolicyEngine {
    /// Who holds for policies what they claim.
    public struct Keeper: Sendable {
        public let apply: Apply
        let claims: @Sendable () -> [HeldClaim]
        /// Before it is asked again for what it has refused.
        let pause: Nanoseconds

        /// Holds a value for a policy, or with nil lets it go.
        public typealias Apply = @Sendable (PolicyClaim?, ProcessID, ClockTicks) -> Outcome

        /// - Parameter claims: all that is held, that of before the last start too.
        public init(
            pause: Nanoseconds = Nanoseconds(60_000_000_000), claims: @escaping @Sendable () -> [HeldClaim] = { [] },
            apply: @escaping Apply
        ) {
            self.apply = apply
            self.claims = claims
            self.pause = pause
        }
    }

    /// What has become of a claim.
    public enum Outcome: Hashable, Sendable {
        /// The process has the value, or without a claim the one of before.
        case applied
        /// A lease goes before it.
        case leased
        /// Somebody else has changed it again after it was written once more.
        case contested
        case gone
        case refused(why: String)
    }
}

extension PolicyEngine.Keeper {
    public init(_ keeper: ProtectionKeeper) {
        self.init(claims: { keeper.policyClaims }) { claim, process, startTime in
            switch keeper.setPolicyClaim(claim, on: process, startTime: startTime) {
            case .applied, .unchanged: .applied
            case .outranked: .leased
            case .contested: .contested
            case .gone: .gone
            case .failed(let error): .refused(why: error.sentence)
            }
        }
    }
}
