// SPDX-License-Identifier: Apache-2.0
// The main function of every test program; Catch2's implementation is compiled here, once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
