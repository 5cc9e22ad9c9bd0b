"""A second decoder, pdf417decoder, which shares no code with zxing-cpp; about a second a picture."""

import warnings

import cv2
import numpy as np
from pdf417decoder import PDF417Decoder
from PIL import Image

warnings.filterwarnings("ignore", module="pdf417decoder")
# One process a picture is faster than many threads for it.
cv2.setNumThreads(1)


class Decoder(PDF417Decoder):
    """Turns a picture upside down at once instead of pixel by pixel."""

    def rotate_image_by_180(self):
        self.image_matrix = self.image_matrix[::-1, ::-1]


def texts(image):
    """The texts of all barcodes in gray pixels."""
    # It assumes that every line of pixels begins in white.
    decoder = Decoder(Image.fromarray(np.pad(image, 1, constant_values=255)))
    try:
        return [decoder.barcode_data_index_to_string(i) for i in range(decoder.decode())]
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return []
