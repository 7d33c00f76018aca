//! What a decoder gave, and what is made of it: planes where the file allows, RGB for everything else.

use crate::{Orientation, Raster, color, error::Result, planes::Planes, resize};

#[derive(Clone, Debug)]
pub(crate) enum Pixels {
    /// Photos as cameras write them. Always sRGB, as far as sRGB can be told apart.
    Planes(Planes),
    Raster(Raster),
}

impl Pixels {
    pub(crate) fn size(&self) -> (u32, u32) {
        match self {
            Self::Planes(planes) => planes.size(),
            Self::Raster(raster) => (raster.width(), raster.height()),
        }
    }

    /// Shrunk to a size, told upright; turned, and in sRGB.
    pub(crate) fn upright(
        &self,
        orientation: Orientation,
        profile: Option<&[u8]>,
        size: (u32, u32),
    ) -> Result<Self> {
        match self {
            Self::Planes(planes) => planes.upright(orientation, size).map(Self::Planes),
            Self::Raster(raster) => {
                let mut raster = resize::resize(raster, orientation.turn_size(size))?;
                if let Some(profile) = profile {
                    color::to_srgb(&mut raster, profile);
                }
                Ok(Self::Raster(orientation.apply(raster)))
            }
        }
    }

    /// RGB at a size that is not larger.
    pub(crate) fn to_raster(&self, size: (u32, u32)) -> Result<Raster> {
        match self {
            Self::Planes(planes) => planes.to_raster(size),
            Self::Raster(raster) => resize::resize(raster, size),
        }
    }
}
