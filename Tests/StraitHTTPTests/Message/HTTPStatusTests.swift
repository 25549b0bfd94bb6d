import StraitHTTP
import Testing

@Suite struct Statuses {
    @Test func `a status has its standard reason phrase (RFC 9110 §15)`() {
        #expect(HTTPStatus(404).description == "404 Not Found")
        #expect(HTTPStatus(299).description == "299")
        #expect(HTTPStatus.noContent.forbidsBody)
    }
}
