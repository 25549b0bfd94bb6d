internal import Foundation
internal import StraitCommandLine
internal import StraitCore
internal import StraitHTTP

extension Settings {
    /// The problems of unusable values, from the program, a file or the environment.
    var valueErrors: [SettingsProblem] {
        var found: [SettingsProblem] = []
        func error(_ setting: String, _ text: String, _ hint: String, _ id: String) {
            found.append(
                SettingsProblem(
                    level: .error, setting: setting, text: text, hint: hint, id: id, place: places[setting]))
        }
        func check(_ setting: String, _ value: String, _ fault: HostPattern.Fault?, _ hint: String, _ id: String) {
            guard let fault else { return }
            error(setting, "'\(value)' \(fault.problem).", fault.instead.map { "Write \($0)." } ?? hint, id)
        }
        for host in allowedHosts {
            check(
                "ALLOWED_HOSTS", host, HostPattern.fault(inAllowedHost: host),
                "Write a host name such as example.com, .example.com for all names beneath it, or * for any.",
                "strait.E004")
        }
        for origin in csrfTrustedOrigins {
            check(
                "CSRF_TRUSTED_ORIGINS", origin, HostPattern.fault(inOrigin: origin),
                "Write an origin such as https://example.com or https://*.example.com.", "4_0.E001")
        }
        if let host = secureSSLHost {
            check(
                "SECURE_SSL_HOST", host, HostPattern.fault(in: host, allowsDomain: false, allowsPort: true),
                "Write a host name such as example.com.", "strait.E005")
        }
        if let problem = TimeZoneName.problem(of: timeZone) {
            error("TIME_ZONE", "'\(timeZone)' \(problem.text).", problem.hint, "strait.E003")
        }
        addHeaderErrors(error)
        addCookieErrors(error)
        addAddressErrors(error)
        for (name, value) in numbers where value < 0 {
            error(name, "\(value) is below 0.", "Give it a number from 0 on.", "strait.E009")
        }
        for (name, type) in mediaTypes.sorted(by: { $0.key < $1.key }) {
            if let problem = MediaTypes.problem(of: type, for: name) {
                error("MEDIA_TYPES", problem, "Write an extension and its type: glb=model/gltf-binary.", "strait.E010")
            }
        }
        return found
    }

    private typealias Report = (_ setting: String, _ text: String, _ hint: String, _ id: String) -> Void

    private var numbers: [(String, Int)] {
        [
            ("DATA_UPLOAD_MAX_MEMORY_SIZE", dataUploadMaxMemorySize),
            ("DATA_UPLOAD_MAX_NUMBER_FIELDS", dataUploadMaxNumberFields),
            ("DATA_UPLOAD_MAX_NUMBER_FILES", dataUploadMaxNumberFiles),
            ("FILE_UPLOAD_MAX_MEMORY_SIZE", fileUploadMaxMemorySize), ("SECURE_HSTS_SECONDS", secureHSTSSeconds),
            ("CSRF_COOKIE_AGE", csrfCookieAge), ("SESSION_COOKIE_AGE", sessionCookieAge),
            ("PASSWORD_RESET_TIMEOUT", passwordResetTimeout),
        ]
    }

    private func addHeaderErrors(_ error: Report) {
        // Django's security.E023: browsers take the last policy that they know.
        let policies = [
            "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin",
            "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
        ]
        for policy in secureReferrerPolicy?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
            let word = policy.trimming { $0 == " " || $0 == "\t" }
            if policies.contains(word.lowercased()) { continue }
            error(
                "SECURE_REFERRER_POLICY", "'\(word)' is not a referrer policy.",
                Self.choice(of: word, policies), "security.E023")
        }
        let openers = ["same-origin", "same-origin-allow-popups", "unsafe-none"]
        if let opener = secureCrossOriginOpenerPolicy, !openers.contains(opener) {
            error(
                "SECURE_CROSS_ORIGIN_OPENER_POLICY", "'\(opener)' is not an opener policy.",
                Self.choice(of: opener, openers), "security.E024")
        }
        let frames = ["DENY", "SAMEORIGIN"]
        if let option = xFrameOptions, !frames.contains(option.uppercased()) {
            error(
                "X_FRAME_OPTIONS", "Browsers ignore '\(option)', so any site may show pages in frames.",
                "Write DENY or SAMEORIGIN, or nothing for no header.", "strait.E006")
        }
    }

    private func addCookieErrors(_ error: Report) {
        addCookieErrors(
            "CSRF", name: csrfCookieName, domain: csrfCookieDomain, path: csrfCookiePath, sameSite: csrfCookieSameSite,
            error)
        addCookieErrors(
            "SESSION", name: sessionCookieName, domain: sessionCookieDomain, path: sessionCookiePath,
            sameSite: sessionCookieSameSite, error)
        if csrfHeaderName.utf8.starts(with: "HTTP_".utf8) {
            // WSGI spells headers this way.
            let words = csrfHeaderName.dropFirst("HTTP_".count).split(separator: "_")
            let name = words.map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined(separator: "-")
            error(
                "CSRF_HEADER_NAME", "'\(csrfHeaderName)' is spelt as WSGI spells headers.",
                "Write it as HTTP does: \(name == "X-Csrftoken" ? "X-CSRFToken" : name).", "strait.E007")
        } else if !isToken(csrfHeaderName) {
            error(
                "CSRF_HEADER_NAME", "'\(csrfHeaderName)' is not a header name.", "Write one such as X-CSRFToken.",
                "strait.E007")
        }
    }

    private func isToken(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(\.isHTTPToken) }

    /// Checks the settings of one cookie, whose names begin with `setting`.
    private func addCookieErrors(
        _ setting: String, name: String, domain: String?, path: String, sameSite: String, _ error: Report
    ) {
        if !isToken(name) {
            error(
                "\(setting)_COOKIE_NAME", "'\(name)' is not a cookie name.", "Write letters, digits, - and _.",
                "strait.E007")
        }
        if let domain, let fault = HostPattern.fault(in: domain, allowsDomain: true, allowsPort: false) {
            error(
                "\(setting)_COOKIE_DOMAIN", "'\(domain)' \(fault.problem).",
                fault.instead.map { "Write \($0)." } ?? "Write a domain such as .example.com.", "strait.E007")
        }
        if path.utf8.first != 0x2F || !path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3B }) {
            error(
                "\(setting)_COOKIE_PATH", "'\(path)' is not a cookie path.", "Write one that begins with a slash.",
                "strait.E007")
        }
        let sites = ["Lax", "Strict", "None"]
        if !sites.contains(sameSite) {
            error(
                "\(setting)_COOKIE_SAMESITE", "'\(sameSite)' is not one of \(sites.joined(separator: ", ")).",
                "Write one of them.", "strait.E007")
        }
    }

    private func addAddressErrors(_ error: Report) {
        for (name, url) in [("STATIC_URL", staticURL), ("MEDIA_URL", mediaURL)] {
            let isPath = url.utf8.first == 0x2F
            let host = URLParts(url).site?.authority
            let parts = url.utf8.split(separator: 0x2F).map { String(decoding: $0, as: UTF8.self) }
            if url.utf8.starts(with: "//".utf8) {
                error(
                    name, "'\(url)' begins with two slashes.", "Write https:\(url), or a path with one slash.",
                    "strait.E008")
            } else if url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == 0x3F || $0 == 0x23 || $0 == 0x5C })
                || isPath && parts.contains(where: { $0 == "." || $0 == ".." }) || !isPath && host?.isEmpty != false
            {
                error(
                    name, "'\(url)' is neither a path nor an address.",
                    "Write a path such as /static/, or an address such as https://static.example.com/.", "strait.E008")
            } else if isPath, url.utf8.contains(where: { $0 == 0x3C || $0 == 0x3E }) {
                error(
                    name, "'\(url)' contains < or >, which route patterns use.", "Write a path without them.",
                    "strait.E008")
            }
        }
        // Django's check_settings.
        if mediaURL == staticURL {
            error(
                "MEDIA_URL", "It is the same as STATIC_URL, '\(staticURL)'.",
                "Give uploaded files a different address.", "strait.E011")
        } else if debug, staticURL != "/", mediaURL.utf8.starts(with: staticURL.utf8) {
            error(
                "MEDIA_URL", "'\(mediaURL)' is beneath STATIC_URL, '\(staticURL)', so no uploaded file is served.",
                "Give uploaded files a different address.", "strait.E011")
        }
    }

    private static func choice(of word: String, _ words: [String]) -> String {
        if let meant = Spelling.closest(to: word.lowercased(), among: words) { return "Did you mean \(meant)?" }
        return "Write one of \(words.joined(separator: ", "))."
    }
}

/// Validation of names in the IANA time zone database.
enum TimeZoneName {
    /// Returns the problem with `name`, worded to follow it, and the remedy; nil if it is a time zone.
    static func problem(of name: String) -> (text: String, hint: String)? {
        let text = "is not a time zone of the IANA database"
        if isOffset(name) { return (text, "Write a place such as Europe/Berlin, or Etc/GMT-3 for three hours east.") }
        if !name.isEmpty, name.utf8.allSatisfy({ $0 < 0x80 }), TimeZone(identifier: name) != nil { return nil }
        let meant = Spelling.closest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
        return (text, meant.map { "Did you mean \($0)?" } ?? "Write one such as Europe/Berlin or UTC.")
    }

    /// Whether `name` is an offset from UTC, such as `GMT+3`. Foundation accepts those, but the database does not have
    /// them.
    private static func isOffset(_ name: String) -> Bool {
        guard name.utf8.starts(with: "GMT".utf8) || name.utf8.starts(with: "UTC".utf8) else { return false }
        let rest = name.utf8.dropFirst(3)
        return rest.first == 0x2B || rest.first == 0x2D ? !rest.dropFirst().elementsEqual("0".utf8) : false
    }
}
