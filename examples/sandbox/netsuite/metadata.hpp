// SPDX-License-Identifier: Apache-2.0
// The metadata-catalog: JSON Schema and OpenAPI made from the schema, custom fields included.
#pragma once

#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/netsuite/schema.hpp"

namespace carrick::sandbox::netsuite {

struct CatalogView {
    bool legacy_tax = false;     ///< the SuiteTax fields are not there
    bool amazon_fields = true;   ///< the fields custbody_amz_... are there
    std::string denied;          ///< record types the role may not see, comma-separated
    bool separate_parts = true;  ///< sublists and addresses are schemas of their own, behind $ref
};

/// GET /record/v1/metadata-catalog[/type][?select=a,b]; the Accept header picks the language.
/// `path`: the segments behind metadata-catalog. Throws Refusal.
[[nodiscard]] Response answer_metadata(const Request& request, const std::vector<std::string>& path,
                                       const Schema& schema, const CatalogView& view);

}  // namespace carrick::sandbox::netsuite
