// SPDX-License-Identifier: Apache-2.0
// Creating documents, also from others, so that a second try finds the first: NetSuite refuses a
// second record with the same external id, and the refusal is answered by adopting what is there.
#pragma once

#include <carrick/sdk/call.hpp>

#include <functional>
#include <span>
#include <string>

namespace carrick::plugins {

struct Document {
    std::uint32_t record = 0;  ///< index into the page
    std::string record_type;   ///< "salesOrder"
    std::string external_id;
    std::string body;  ///< JSON
};

struct Written {
    std::string id;        ///< NetSuite's internal id
    bool created = false;  ///< false: it was there already
};

/// Creates each document, or finds the one that has its external id. Documents whose fate is known
/// and good come to `on_written` as they finish, on this thread; the others' records are settled
/// here: failed with NetSuite's reason, or unknown when the answer was lost.
void create_or_adopt(sdk::Call& call, std::span<const Document> documents,
                     const std::function<void(std::size_t document, const Written&)>& on_written);

/// A document that is made from another.
struct Transform {
    Document target;          ///< its body overrides what the source gives, in the target's words
    std::string source_type;  ///< "salesOrder"
    std::string source_id;
};

/// The same for documents made by a transform: the external id is the target's, and refuses the
/// second one.
void transform_or_adopt(
    sdk::Call& call, std::span<const Transform> transforms,
    const std::function<void(std::size_t transform, const Written&)>& on_written);

}  // namespace carrick::plugins
