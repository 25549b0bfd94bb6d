import Testing

@testable import StraitCommandLine

@Suite struct SpellingTests {
    @Test(arguments: [("port", "prot", 1), ("", "abc", 3), ("same", "same", 0), ("kitten", "sitting", 3)])
    func countsSlips(left: String, right: String, distance: Int) {
        #expect(Spelling.distance(left, right) == distance)
        #expect(Spelling.distance(right, left) == distance)
    }
}
