/// Patterns as Redis reads them.
enum RedisGlob {
    /// The pattern that matches `text` alone.
    static func escaped(_ text: String) -> String {
        var pattern = ""
        for character in text {
            if "*?[]^\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern
    }
}
