import Testing

@testable import StraitCommandLine

@Suite struct SpellingTests {
    @Test(arguments: [("port", "prot", 1), ("", "abc", 3), ("same", "same", 0), ("kitten", "sitting", 3)])
    func `the distance is the number of typing errors between two words`(left: String, right: String, distance: Int) {
        #expect(Spelling.distance(left, right) == distance)
        #expect(Spelling.distance(right, left) == distance)
    }
}
