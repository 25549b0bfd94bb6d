import StraitWebSocket
import Testing

@Suite struct `Extensions` {
    private typealias Parameter = ExtensionOffer.Parameter

    @Test func `offers in several headers form one list (RFC 6455 §9.1)`() {
        let offers = ExtensionOffers.parse(["foo, bar; baz=2", " ,deflate-stream ; a; b = \"q\\uux\"\t;c=1,"])
        let expected = [
            ExtensionOffer(name: "foo"),
            ExtensionOffer(name: "bar", parameters: [Parameter(name: "baz", value: "2")]),
            ExtensionOffer(
                name: "deflate-stream",
                parameters: [
                    Parameter(name: "a"), Parameter(name: "b", value: "quux"), Parameter(name: "c", value: "1"),
                ]),
        ]
        #expect(offers == expected)
    }

    @Test(arguments: ["", " ", ",", " , ,"])
    func `an empty list has no offers`(field: String) {
        #expect(ExtensionOffers.parse([field]) == [])
    }

    @Test(arguments: [
        ";", "a;", "a;=1", "a;b=", "a b", "a;b=\"", "a;b=\"\"", "a;b=\"c d\"", "a;b=\"c", "a;b=\"c\\", "a;b=\"c\"d",
        "é",
        "a;b c", "=", "a=1",
    ])
    func `an offer with invalid syntax is rejected (RFC 6455 §9.1)`(field: String) {
        #expect(ExtensionOffers.parse([field]) == nil)
    }

    @Test func `the number of parsed offers is limited`() {
        let many = String(repeating: "x,", count: 5000)
        #expect(ExtensionOffers.parse([many])?.count == ExtensionOffers.most)
    }

    private func answer(_ field: String, _ options: DeflateOptions = DeflateOptions(keepsContext: true)) -> String? {
        DeflateNegotiation.accept(ExtensionOffers.parse([field]) ?? [], options)?.fieldValue
    }

    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        ("Permessage-Deflate", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        (
            "permessage-deflate; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover"
        ),
        (
            "permessage-deflate; client_no_context_takeover",
            "permessage-deflate; client_no_context_takeover"
        ),
        (
            "permessage-deflate; server_max_window_bits=10; client_max_window_bits=\"11\"",
            "permessage-deflate; server_max_window_bits=10; client_max_window_bits=11"
        ),
        ("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
    ])
    func `each offered parameter is answered (RFC 7692 §7.1)`(offer: String, expected: String) {
        #expect(answer(offer) == expected)
    }

    @Test(arguments: [
        "permessage-deflate; unknown", "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=010", "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; client_max_window_bits=x", "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        // zlib cannot compress with a window of 8 bits.
        "permessage-deflate; server_max_window_bits=8",
        "x-webkit-deflate-frame",
    ])
    func `an unacceptable offer is declined, and the next one is used (RFC 7692 §5.1)`(offer: String) {
        #expect(answer(offer) == nil)
        #expect(
            answer(offer + ", permessage-deflate; server_max_window_bits=12")
                == "permessage-deflate; server_max_window_bits=12")
    }

    @Test func `the first acceptable offer is used (RFC 7692 §5)`() {
        let offers = "permessage-deflate; server_max_window_bits=9, permessage-deflate"
        #expect(answer(offers) == "permessage-deflate; server_max_window_bits=9")
    }

    @Test func `a smaller server window is in the response (RFC 7692 §7.1.2.1)`() {
        let options = DeflateOptions(keepsContext: true, windowBits: 11)
        #expect(answer("permessage-deflate", options) == "permessage-deflate; server_max_window_bits=11")
        #expect(
            answer("permessage-deflate; server_max_window_bits=15", options)
                == "permessage-deflate; server_max_window_bits=11")
        #expect(
            answer("permessage-deflate; server_max_window_bits=9", options)
                == "permessage-deflate; server_max_window_bits=9")
    }

    @Test func `a client accepts every valid response and rejects invalid ones (RFC 7692 §7.1)`() throws {
        for server in [true, false] {
            for client in [true, false] {
                for serverBits in [nil, 9, 15] as [Int?] {
                    for clientBits in [nil, 9, 15] as [Int?] {
                        let agreed = DeflateParameters(
                            serverNoContextTakeover: server, clientNoContextTakeover: client,
                            serverWindowBits: serverBits, clientWindowBits: clientBits)
                        let offer = try #require(ExtensionOffers.parse([agreed.fieldValue])?.first)
                        #expect(DeflateParameters(answer: offer) == agreed)
                    }
                }
            }
        }
        for wrong in ["x", "permessage-deflate; client_max_window_bits", "permessage-deflate; y"] {
            let offer = try #require(ExtensionOffers.parse([wrong])?.first)
            #expect(DeflateParameters(answer: offer) == nil)
        }
    }
}
