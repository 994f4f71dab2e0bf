"""The messages between processes and pages, versioned. TypeScript types are generated from here (`kit.wire.schema`)."""
