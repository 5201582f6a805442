// SPDX-License-Identifier: Apache-2.0
// ReadOnce: what one stage of a flow made of a record, for the stages of the same page behind it.
// Reading an order's JSON costs more than everything else that a stage does with it.
#pragma once

#include <carrick/sdk/page.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace carrick::plugins {

/// Holds what belongs to one page at most: begin each page, and end its last stage, with `forget`.
template <class T>
class ReadOnce {
public:
    /// What was kept for this record; null where nothing was, or where its content is another one
    /// by now. Valid until the next `keep` or `forget`.
    [[nodiscard]] const T* find(const sdk::RecordView& record) const {
        const auto known = kept_.find(std::string(record.key));
        return known != kept_.end() && known->second.body == record.body ? &known->second.value
                                                                         : nullptr;
    }
    const T& keep(const sdk::RecordView& record, T value) {
        constexpr std::size_t kMost = 1'000;
        if (kept_.size() >= kMost) kept_.clear();
        return kept_
            .insert_or_assign(std::string(record.key),
                              Kept{std::string(record.body), std::move(value)})
            .first->second.value;
    }
    void forget() { kept_.clear(); }

private:
    struct Kept {
        std::string body;  ///< whole: a record whose content changed must be read again
        T value;
    };
    std::unordered_map<std::string, Kept> kept_;
};

}  // namespace carrick::plugins
