/// An extension that a client offers, with its parameters in order (RFC 6455 §9.1).
package struct ExtensionOffer: Hashable, Sendable {
    /// A parameter, `name` or `name=value`, without quotes.
    package struct Parameter: Hashable, Sendable {
        /// The name in its original case.
        package let name: String
        /// The value; nil without `=`.
        package let value: String?

        /// Creates a parameter.
        package init(name: String, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The extension's name in its original case.
    package let name: String
    /// The parameters, in the order of the header.
    package let parameters: [Parameter]

    /// Creates an offer.
    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }
}
