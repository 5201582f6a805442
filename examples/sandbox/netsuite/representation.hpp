// SPDX-License-Identifier: Apache-2.0
// How a record looks in an answer: links, reference names, sublists as links or in full.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"

#include <string>
#include <vector>

namespace carrick::sandbox::netsuite {

struct ReadOptions {
    bool expand_sub_resources = false;
    bool simple_enums = false;
    bool legacy_tax = false;
    std::vector<std::string> fields{};  ///< empty: all; ignored when sub-resources are expanded
};

class Representation {
public:
    /// `root`: ".../services/rest/record/v1".
    Representation(const RecordStore& store, std::string root)
        : store_(store), root_(std::move(root)) {}

    [[nodiscard]] Json record(const Record& record, const ReadOptions& options) const;
    /// The items of a sublist as a collection; `expand` inlines the lines.
    [[nodiscard]] Json sublist(const Record& record, const Sublist& list, bool expand,
                               const ReadOptions& options) const;
    [[nodiscard]] Json line(const Record& record, const Sublist& list, const Json& stored,
                            const ReadOptions& options) const;
    [[nodiscard]] Json address(const Json& stored, const std::string& href,
                               const ReadOptions& options) const;
    [[nodiscard]] std::string href(const Record& record) const;
    [[nodiscard]] static Json links(const std::string& href);
    /// What tells a line from its neighbours in URLs.
    [[nodiscard]] static std::string line_key(const Sublist& list, const Json& line,
                                              std::size_t index);

private:
    [[nodiscard]] Json value(const Json& stored, const Field& field, const std::string& href,
                             const ReadOptions& options) const;
    [[nodiscard]] Json reference(const std::string& id, const std::string& target) const;

    const RecordStore& store_;
    std::string root_;
};

}  // namespace carrick::sandbox::netsuite
