// Which files a clone's .gitattributes mark as generated, vendored or documentation, in the way GitHub reads them.
#pragma once

#include <git/repository.hpp>
#include <store/writer.hpp>

namespace resident {

void keep_marks(git::Repository& repository, Writer& writer);

}  // namespace resident
