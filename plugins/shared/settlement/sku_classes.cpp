// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/sku_classes.hpp"

#include <algorithm>

namespace carrick::plugins {

void SkuClasses::add(std::string name, std::vector<LabelPattern> skus) {
    classes_.push_back({std::move(name), std::move(skus)});
}

const std::string& SkuClasses::of(std::string_view sku) const {
    static const std::string kNone;
    const std::string lowered = in_small_letters(sku);
    if (lowered.empty()) return kNone;
    for (const Class& each : classes_)
        if (std::ranges::any_of(
                each.skus, [&](const LabelPattern& pattern) { return pattern.matches(lowered); }))
            return each.name;
    return kNone;
}

}  // namespace carrick::plugins
