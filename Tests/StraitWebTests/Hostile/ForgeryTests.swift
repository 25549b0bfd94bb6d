import StraitTesting
import Testing

/// Cross-site POST requests, rejected by Django's CSRF rules.
@Suite(.serialized) struct ForgeryTests {
    private static let cookie = "Cookie: csrftoken=\(HostileSite.secret)"
    private static let token = "X-CSRFToken: \(HostileSite.secret)"
    private static let secure = "X-Forwarded-Proto: https"

    private static func origin(_ origin: String) -> String {
        "Origin checking failed - \(origin) does not match any trusted origins.\n"
    }
    private static func referer(_ referer: String) -> String {
        "Referer checking failed - \(referer) does not match any trusted origins.\n"
    }

    @Test(
        arguments: [
            ([cookie, token], nil), ([cookie, token, "Origin: http://example.com"], nil),
            ([cookie, token, "Referer: http://evil.com/"], nil),
            ([cookie, token, secure, "Origin: https://example.com"], nil),
            ([cookie, token, secure, "Referer: https://example.com/form/?x"], nil),
            ([token], "CSRF cookie not set.\n"), ([cookie], "CSRF token missing.\n"),
            (
                [cookie, "X-CSRFToken: " + String(repeating: "a", count: 32)],
                "CSRF token from the 'X-CSRFToken' HTTP header incorrect.\n"
            ),
            ([cookie, token, "Origin: http://evil.com"], origin("http://evil.com")),
            ([cookie, token, "Origin: null"], origin("null")),
            ([cookie, token, "Origin: https://example.com"], origin("https://example.com")),
            ([cookie, token, "Origin: http://example.com.evil.com"], origin("http://example.com.evil.com")),
            ([cookie, token, "Origin: http://example.com:8080"], origin("http://example.com:8080")),
            ([cookie, token, "Origin: http://evil.com", "Referer: http://example.com/"], origin("http://evil.com")),
            ([cookie, token, secure], "Referer checking failed - no Referer.\n"),
            (
                [cookie, token, secure, "Referer: http://example.com/"],
                "Referer checking failed - Referer is insecure while host is secure.\n"
            ),
            ([cookie, token, secure, "Referer: /form/"], "Referer checking failed - Referer is malformed.\n"),
            ([cookie, token, secure, "Referer: https://evil.com/"], referer("https://evil.com/")),
            (
                [cookie, token, secure, "Referer: https://evil.com/https://example.com/"],
                referer("https://evil.com/https://example.com/")
            ),
            (
                [cookie, token, secure, "Referer: https://example.com@evil.com/"],
                referer("https://example.com@evil.com/")
            ),
            (
                [cookie, token, secure, "Referer: https://evil.com\\@example.com/"],
                referer("https://evil.com\\@example.com/")
            ),
            (
                [cookie, token, secure, "Referer: https://example.com.evil.com/"],
                referer("https://example.com.evil.com/")
            ),
        ] as [([String], String?)])
    func `a POST is accepted only from the site's own pages`(fields: [String], refusal: String?) async throws {
        let site = try HostileSite()
        let body = "a=1"
        let answer = await site.ask(
            HostileSite.head(
                "POST /form/",
                fields + ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)"])
                + body)
        #expect(answer.status == (refusal == nil ? 200 : 403))
        #expect(answer.body == refusal ?? "1 fields, 0 files")
        // A rejected client gets no cookie that it could use for another attempt.
        #expect(answer["set-cookie"] == nil)
        await site.server.stop()
    }
}
