// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/tax_engine.hpp"

namespace carrick::connectors::netsuite {

Result<std::string> confirm_tax_engine(Metadata& metadata, std::string_view setting,
                                       const CallContext& context) {
    if (setting != "suitetax" && setting != "legacy" && setting != "none")
        return misconfigured("netsuite.tax_engine", "\"" + std::string(setting.substr(0, 40)) +
                                                        "\" is no tax engine; expected suitetax, "
                                                        "legacy or none");
    Result<std::string> shown = metadata.tax_engine(context);
    if (!shown) return shown.error();
    const bool has_suitetax = *shown == "suitetax";
    if (has_suitetax == (setting == "suitetax")) return std::string(setting);
    // Without the override SuiteTax adds tax of its own; a legacy account knows no such field.
    if (has_suitetax)
        return misconfigured(
            "netsuite.tax_engine",
            "says " + std::string(setting) +
                ", but the account has SuiteTax (its sales order has "
                "taxDetailsOverride), which would add tax of its own; say suitetax");
    if (*shown == "legacy")
        return misconfigured(
            "netsuite.tax_engine",
            "says suitetax, but the account has legacy tax (its sales order has taxItem or "
            "isTaxable, and no taxDetailsOverride); say legacy, or none where it taxes nothing");
    return misconfigured(
        "netsuite.tax_engine",
        "says suitetax, but the account has no SuiteTax that this role can see (its sales order "
        "shows no field of any tax engine); let the role see them, or say none where the account "
        "taxes nothing");
}

}  // namespace carrick::connectors::netsuite
