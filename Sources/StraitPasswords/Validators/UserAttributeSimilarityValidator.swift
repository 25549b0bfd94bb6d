public import StraitForms
internal import StraitText

/// A rule that rejects passwords that resemble the user's name or other attributes; Django's
/// `UserAttributeSimilarityValidator`.
public struct UserAttributeSimilarityValidator: PasswordValidator {
    /// The similarity, from 0.1 to 1, at or above which a password is rejected. Similarity is the proportion of
    /// characters that the password and the attribute have in common.
    public let maximumSimilarity: Double

    /// Creates a rule. The default is Django's.
    public init(maximumSimilarity: Double = 0.7) { self.maximumSimilarity = max(0.1, maximumSimilarity) }

    /// Throws an error with the code `password_too_similar`.
    public func validate(_ password: String, _ attributes: [PasswordAttribute]) throws(ValidationError) {
        let password = Array(PythonText.lowercased(password).unicodeScalars)
        for attribute in attributes {
            let value = Array(PythonText.lowercased(attribute.value).unicodeScalars)
            if value.isEmpty { continue }
            // The single words, and the whole value.
            let words = value.split(omittingEmptySubsequences: false) { !PythonText.isWord($0) }.map(Array.init)
            if (words + [value]).contains(where: { isSimilar(password, $0) }) {
                throw ValidationError(
                    "The password is too similar to the \(attribute.name).", code: "password_too_similar")
            }
        }
    }

    private func isSimilar(_ password: [Unicode.Scalar], _ value: [Unicode.Scalar]) -> Bool {
        // A value that is much shorter cannot be similar.
        if password.count >= 10 * value.count, Double(value.count) < maximumSimilarity / 2 * Double(password.count) {
            return false
        }
        return Self.ratio(password, value) >= maximumSimilarity
    }

    /// The proportion of common characters, in any order: `quick_ratio` of Python's `difflib.SequenceMatcher`.
    private static func ratio(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Double {
        guard !left.isEmpty || !right.isEmpty else { return 1 }
        var counts: [Unicode.Scalar: Int] = [:]
        for scalar in right { counts[scalar, default: 0] += 1 }
        var common = 0
        for scalar in left {
            guard let count = counts[scalar], count > 0 else { continue }
            counts[scalar] = count - 1
            common += 1
        }
        return 2 * Double(common) / Double(left.count + right.count)
    }

    /// Django's sentence.
    public var helpText: String { "Your password can’t be too similar to your other personal information." }
}
