/// A value that no description, dump or mirror shows, also not that of a type that holds it.
package struct Secret<Value: Hashable & Sendable>: Hashable, Sendable {
    /// To be read only where it is sent or compared.
    let value: Value

    package init(_ value: Value) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[hidden]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
