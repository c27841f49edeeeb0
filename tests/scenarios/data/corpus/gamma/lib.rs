use std::{fmt, io::{self, Read}};
use crate::own;
