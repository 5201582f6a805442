// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/usage_plans.hpp"

namespace carrick::amazon {

const UsagePlan* usage_plan(std::string_view operation) {
    for (const UsagePlan& plan : kUsagePlans)
        if (plan.operation == operation) return &plan;
    return nullptr;
}

}  // namespace carrick::amazon
