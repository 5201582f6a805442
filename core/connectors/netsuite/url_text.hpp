// SPDX-License-Identifier: Apache-2.0
// The parts of a REST address: record types and external ids in paths, and ids out of Location
// headers.
#pragma once

#include <carrick/sdk/result.hpp>

#include <string>
#include <string_view>

namespace carrick::connectors::netsuite {

/// "salesOrder", "customrecord_amz_settlement": what may stand in a path and a metadata name.
[[nodiscard]] bool is_record_type(std::string_view text);

/// An internal id: digits, perhaps with a sign (-1 is NetSuite's "Custom" price level).
[[nodiscard]] bool is_internal_id(std::string_view text);

/// "eid:AMZ-SO-…", quoted where blanks and the like make NetSuite want it: eid:'test 5'.
/// Errors   Rejected `netsuite.external_id`: empty, longer than 255 bytes, or with a character
///          that breaks `eid:` addresses (| / : ' , or a control character).
[[nodiscard]] Result<std::string> eid_segment(std::string_view external_id);

/// The internal id at the end of ".../record/v1/salesOrder/766" (absolute or relative), else "".
[[nodiscard]] std::string id_in_location(std::string_view location);

/// "123456" of ".../async/v1/job/123456" (absolute or relative), else "". Only the id is taken
/// over: the address that is asked, with our authorization, is always the account's own.
[[nodiscard]] std::string job_in_location(std::string_view location);

/// "3" of ".../async/v1/job/123456/task/3", else "".
[[nodiscard]] std::string task_in_link(std::string_view link);

}  // namespace carrick::connectors::netsuite
