/// One extension that a client offers, with its parameters in their order (RFC 6455 §9.1).
package struct ExtensionOffer: Hashable, Sendable {
    /// One `name` or `name=value`; quotes were taken off.
    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let value: String?

        package init(name: String, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    package let name: String
    package let parameters: [Parameter]

    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }
}
