import StraitTesting
import XCTest

/// A test that uses StraitTesting with XCTest.
final class XCTestUse: XCTestCase {
    func testACommunicatorServesXCTestToo() async throws {
        try await withSeeds(2) { seed in
            let communicator = WebSocketCommunicator(Echo())
            let result = try await communicator.connect()
            XCTAssertTrue(result.isAccepted)
            try await communicator.send(text: "\(seed)")
            let text = try await communicator.receiveText()
            XCTAssertEqual(text, "\(seed)")
            try await communicator.disconnect()
        }
    }
}
