// SPDX-License-Identifier: Apache-2.0
// The one error body of all SP-API operations.
#include "examples/sandbox/amazon/refusal.hpp"

namespace carrick::sandbox {

Response sp_refusal(int status, std::string_view code, std::string_view message,
                    std::string_view details) {
    return Response::json(
        status,
        Json::object(
            {{"errors", Json::array({Json::object(
                            {{"code", code}, {"message", message}, {"details", details}})})}}));
}

}  // namespace carrick::sandbox
