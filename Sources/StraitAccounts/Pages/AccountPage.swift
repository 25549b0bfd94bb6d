internal import StraitCore
internal import StraitForms
internal import StraitHTTP
internal import StraitPasswords
internal import StraitTemplates
internal import StraitText
internal import StraitWeb

extension Request {
    /// Renders an account page. Browsers and proxies do not store it, and other sites do not learn its URL.
    func accountPage(
        _ template: String, title: String, form: Form? = nil, _ values: [String: TemplateValue] = [:],
        status: HTTPStatus? = nil
    ) throws -> Response {
        var values = values
        values["title"] = .string(title)
        if let form { values["form"] = TemplateValue(form) }
        var response = try render("registration/\(template)", values, status: status ?? form?.status ?? .ok)
        response.headers["cache-control"] = "max-age=0, no-cache, no-store, must-revalidate, private"
        response.headers["referrer-policy"] = "same-origin"
        return response
    }
}

extension Response {
    /// Returns this response with the header `Retry-After`, if the client has to wait.
    func retrying(after wait: Duration?) -> Response {
        guard let wait else { return self }
        var response = self
        response.headers["retry-after"] = "\(max(1, Int((wait / .seconds(1)).rounded(.up))))"
        return response
    }
}

extension Accounts {
    /// The rules for a new password as a list for the page.
    var rulesList: TemplateValue { .list(rules.helpTexts.map { .string($0) }) }
}
