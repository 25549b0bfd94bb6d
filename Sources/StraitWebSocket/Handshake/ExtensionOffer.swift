/// One extension that a client offers, with its parameters in their order (RFC 6455 §9.1).
package struct ExtensionOffer: Hashable, Sendable {
    /// One `name` or `name=value`; quotes were taken off.
    package struct Parameter: Hashable, Sendable {
        /// As it was written.
        package let name: String
        /// Nil where there is no `=`.
        package let value: String?

        /// A parameter as it was read.
        package init(name: String, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// As it was written.
    package let name: String
    /// In the order of the field.
    package let parameters: [Parameter]

    /// An offer as it was read.
    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }
}
