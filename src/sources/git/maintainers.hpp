// Keeps the MAINTAINERS file of a clone's newest tree, as the kernel, QEMU, U-Boot and others have one, line by line.
#pragma once

#include <git/repository.hpp>
#include <store/patch_book.hpp>
#include <store/writer.hpp>
#include <string_view>
#include <vector>

namespace resident {

// Lines "F:	drivers/net/" with the section that they stand in (scripts/get_maintainer.pl, read_maintainer_file()).
std::vector<MaintainerLineRecord> maintainer_lines(std::string_view text);
void keep_maintainers(git::Repository& repository, Writer& writer);

}  // namespace resident
