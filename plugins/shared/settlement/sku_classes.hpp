// SPDX-License-Identifier: Apache-2.0
// SkuClasses: what a seller groups SKUs by (brands, departments), for rules and for the journal.
#pragma once

#include "plugins/shared/settlement/label_pattern.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugins {

class SkuClasses {
public:
    /// Of several classes that fit, the one that was added first holds.
    void add(std::string name, std::vector<LabelPattern> skus);
    [[nodiscard]] bool empty() const { return classes_.empty(); }
    /// The class of a SKU; "" where it is in none.
    [[nodiscard]] const std::string& of(std::string_view sku) const;

private:
    struct Class {
        std::string name;
        std::vector<LabelPattern> skus;
    };
    std::vector<Class> classes_;
};

}  // namespace carrick::plugins
