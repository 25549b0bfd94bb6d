import StraitWeb

extension CommandContext {
    /// Sees to it that what strangers have access to does not begin with settings that let them in.
    ///
    /// - Throws: ``CommandError`` that names each setting that is wrong, and what to do.
    func checkSettings() throws(CommandError) {
        let errors = settings.errors
        if errors.isEmpty { return }
        let list = errors.map { "\($0.setting): \($0.text) \($0.hint)" }.joined(separator: " ")
        throw CommandError("It does not start with unsafe settings. \(list)")
    }
}
