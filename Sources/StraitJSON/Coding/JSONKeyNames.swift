internal import StraitNetwork

/// The conversion between Swift's keys and snake case.
enum JSONKeyNames {
    /// Returns `name` in snake case: `fullName` is `full_name`, `imageURL` is `image_url`, `URLPath` is `url_path`.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, letter) in letters.enumerated() {
            guard letter.properties.isUppercase else {
                result.append(letter)
                continue
            }
            let isFirst = index == 0 || letters[index - 1] == "_"
            let isBehindSmall = index > 0 && !letters[index - 1].properties.isUppercase
            // The last of several capitals starts a new word.
            let isBeforeSmall = index + 1 < letters.count && letters[index + 1].properties.isLowercase
            if !isFirst, isBehindSmall || isBeforeSmall { result.append("_") }
            result.append(contentsOf: letter.properties.lowercaseMapping.unicodeScalars)
        }
        return String(result)
    }

    /// Returns the coding key for `name` in snake case; nil if the type has none.
    static func key<Key: CodingKey>(_ name: String, _ type: Key.Type) -> Key? {
        if let keys = type as? any (CodingKey & CaseIterable).Type { return find(name, keys) as? Key }
        let camel = camelCase(name)
        // Removed underscores may join combining marks to a longer run than the reader has checked.
        guard camel.isStreamSafe else { return nil }
        if let key = Key(stringValue: camel), snakeCase(key.stringValue) == name { return key }
        if let key = Key(stringValue: name), snakeCase(key.stringValue) == name { return key }
        return nil
    }

    private static func find<Keys: CodingKey & CaseIterable>(_ name: String, _ type: Keys.Type) -> Keys? {
        type.allCases.first { snakeCase($0.stringValue) == name }
    }

    private static func camelCase(_ name: String) -> String {
        var result = ""
        var isStart = false
        for letter in name.unicodeScalars {
            if letter == "_", !result.isEmpty {
                isStart = true
            } else if isStart {
                result += letter.properties.uppercaseMapping
                isStart = false
            } else {
                result.unicodeScalars.append(letter)
            }
        }
        return result
    }
}
