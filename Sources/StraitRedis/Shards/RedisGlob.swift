/// Redis' glob patterns.
enum RedisGlob {
    /// Returns the pattern that matches only `text`.
    static func escaped(_ text: String) -> String {
        var pattern = ""
        for character in text {
            if "*?[]^\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern
    }
}
