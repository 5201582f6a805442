/* SPDX-License-Identifier: Apache-2.0
 *
 * A library of which two versions exist in one process.
 */
int versioned_library_number(void);
int versioned_library_counter;

int versioned_library_number(void) {
    ++versioned_library_counter; /* data must be kept apart as well as code */
    return LIBRARY_VERSION * 100 + versioned_library_counter;
}
