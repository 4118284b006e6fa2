const LONGEST = 1600;

/**
 * A photo as a small JPEG.
 *
 * @param {File} file
 * @returns {Promise<{name: string, data: string}>} data in base64
 */
export async function readPhoto(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return { name: file.name, data: canvas.toDataURL("image/jpeg", 0.8).split(",")[1] };
}
