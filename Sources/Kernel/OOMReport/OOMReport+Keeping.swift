extension OOMReport {
    /// For those who keep many: of the table only the `tasks` largest, the victims and the chosen one; `omitted` counts the
    /// rest.
    public func forKeeping(tasks count: Int) -> OOMReport {
        guard tasks.rows.count > count else { return self }
        var report = self
        let named = victims.compactMap(\.processID) + [chosen?.processID, invoker?.processID].compactMap { $0 }
        report.tasks.keepLargest(count, also: Set(named))
        return report
    }
}
